package io.github.rpideploy;

import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Reads good input that was broken at random; each time it must be {@link BadInput read or refused
 * by the rule}. The seed of a case stands in its failure, and {@code -Dfuzz.seed} repeats it alone.
 */
public final class Fuzz {

  /** In all parsers together. */
  private static final int CASES = Integer.getInteger("fuzz.cases", 10_000);

  private static final Long ONLY = Long.getLong("fuzz.seed");

  private static final long FIRST_SEED = 20261129_000000L;

  private Fuzz() {}

  /**
   * What came of the cases.
   *
   * @param taken those that were read
   * @param refused those that were not
   */
  public record Result(int taken, int refused) {}

  /** Reads one input, all of it. */
  @FunctionalInterface
  public interface Reader<T> {
    Object read(T input) throws Exception;
  }

  /**
   * Texts broken in every way.
   *
   * @param parser what reads them
   * @param percent of all cases
   * @param good whole inputs, to break
   */
  public static Result texts(String parser, int percent, List<String> good, Reader<String> reader) {
    return run(parser, percent, random -> TextMutations.of(good, random), reader);
  }

  /** The same with inputs that are made otherwise. */
  public static <T> Result run(
      String parser, int percent, Function<Random, T> input, Reader<T> reader) {
    int taken = 0;
    int count = ONLY == null ? CASES / 100 * percent : 1;
    for (int i = 0; i < count; i++) {
      long seed = ONLY == null ? FIRST_SEED + i : ONLY;
      T broken = input.apply(new Random(seed));
      String name = "%s, -Dfuzz.seed=%d".formatted(parser, seed);
      taken += BadInput.read(name, () -> String.valueOf(reader.read(broken))).isPresent() ? 1 : 0;
    }
    return new Result(taken, count - taken);
  }
}
