package io.github.rpideploy.maven.console;

import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.PlannedLayer;
import io.github.rpideploy.report.PlannedNode;
import io.github.rpideploy.report.Units;
import java.util.ArrayList;
import java.util.List;

/** The lines of a plan. */
final class PlanLines {

  private PlanLines() {}

  static List<String> of(Event.Planned planned) {
    List<PlannedLayer> sent = planned.layers().stream().filter(PlannedLayer::sent).toList();
    List<String> lines = new ArrayList<>();
    if (planned.bytesSent() == 0) {
      lines.add(planned.service() + "  is already there as " + planned.release());
    } else {
      lines.add(
          planned.service()
              + "  would send "
              + Units.bytes(planned.bytesSent())
              + " of "
              + Units.bytes(planned.imageBytes())
              + " ("
              + sent.size()
              + " of "
              + planned.layers().size()
              + " layers) and write about "
              + Units.bytes(planned.bytesWritten())
              + " on the Pi");
      for (PlannedLayer layer : planned.layers()) {
        lines.add(of(layer));
      }
    }
    planned.nodes().forEach(node -> lines.add(of(planned, node)));
    lines.add(
        planned.service()
            + (planned.recreated() ? "  would be recreated" : "  would stay as it is")
            + (planned.reason().startsWith("because ") ? " " : ": ")
            + planned.reason());
    return lines;
  }

  private static String of(PlannedLayer layer) {
    return layer.deltaOf().isEmpty()
        ? "  %s  layer %s  %s"
            .formatted(layer.sent() ? "send " : "reuse", layer.diffId(), Units.bytes(layer.bytes()))
        : "  send   layer %s  %s as a delta of %s (layer of %s)"
            .formatted(
                layer.diffId(),
                Units.bytes(layer.deltaBytes()),
                layer.deltaOf(),
                Units.bytes(layer.bytes()));
  }

  private static String of(Event.Planned planned, PlannedNode node) {
    return node.bytesSent() == 0
        ? planned.service() + "  is already on " + node.node()
        : "%s  would send %s (%d of %d layers) to %s and write about %s there"
            .formatted(
                planned.service(),
                Units.bytes(node.bytesSent()),
                node.layersSent(),
                planned.layers().size(),
                node.node(),
                Units.bytes(node.bytesWritten()));
  }

  /** The files that would be sent and removed. */
  static List<String> of(Event.FilesPlanned files) {
    List<String> lines = new ArrayList<>();
    files
        .files()
        .forEach(file -> lines.add("  send   " + file.path() + "  " + Units.bytes(file.bytes())));
    files.removed().forEach(path -> lines.add("  remove " + path));
    return lines;
  }

  static String of(Event.PlannedOther other) {
    return other.service()
        + "  would be started for "
        + other.neededBy()
        + ": "
        + other.reason()
        + (other.pulled() ? "; the Pi would pull " + other.image() : "");
  }

  static String of(Event.PlanTotal total) {
    return "In all: "
        + Units.bytes(total.bytesSent())
        + " to send, %d of %d services recreated".formatted(total.recreated(), total.services())
        + some(total.filesSent(), "file", "sent")
        + some(total.filesRemoved(), "file", "removed")
        + some(total.started(), "other service", "started")
        + some(total.pulled(), "image", "pulled by the Pi");
  }

  private static String some(int number, String what, String done) {
    return number == 0 ? "" : ", " + Units.count(number, what) + " " + done;
  }
}
