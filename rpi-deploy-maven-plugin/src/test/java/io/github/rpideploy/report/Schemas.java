package io.github.rpideploy.report;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The schemas of what we write, which are documentation: docs/schema. */
public final class Schemas {

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private Schemas() {}

  /**
   * What is wrong with a document.
   *
   * @param name of the schema: {@code deploy}
   */
  public static List<String> flaws(String name, String document) throws IOException {
    String schema = Files.readString(Path.of("../docs/schema", name + ".schema.json"));
    return REGISTRY
        .getSchema(schema, InputFormat.JSON)
        .validate(document, InputFormat.JSON)
        .stream()
        .map(Error::toString)
        .toList();
  }
}
