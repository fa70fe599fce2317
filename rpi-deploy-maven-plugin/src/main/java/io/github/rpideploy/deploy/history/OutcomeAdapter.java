package io.github.rpideploy.deploy.history;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.github.rpideploy.report.Outcome;
import java.io.IOException;

/** An outcome in the file. A name that this version does not know must not cost the line. */
final class OutcomeAdapter extends TypeAdapter<Outcome> {

  @Override
  public void write(JsonWriter out, Outcome outcome) throws IOException {
    out.value(outcome.jsonName());
  }

  @Override
  public Outcome read(JsonReader in) throws IOException {
    return Outcome.ofJsonName(in.nextString());
  }
}
