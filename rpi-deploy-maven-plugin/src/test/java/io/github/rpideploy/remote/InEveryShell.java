package io.github.rpideploy.remote;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All tests of the class run once in each shell of {@link PosixShell#here}, which its constructor
 * gets. Windows has none; {@code ShellFilesTest} fails on a Linux that lacks one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("io.github.rpideploy.remote.PosixShell#here")
public @interface InEveryShell {}
