import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Figures by row and link. */
final class Grid {

  private final String title;
  private final Map<String, Map<String, List<Figures.Figure>>> rows = new LinkedHashMap<>();

  /** TITLE is what all its figures are about. */
  Grid(String title) {
    this.title = title;
  }

  /** NOTE says what is measured, where a cell has several figures, and what the limit is made of. */
  void add(String row, String link, String note, double measured, double limit, String format) {
    String name = Stream.of(title, row, Links.name(link), note).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    rows.computeIfAbsent(row, r -> new LinkedHashMap<>())
        .computeIfAbsent(link, l -> new ArrayList<>())
        .add(new Figures.Figure(name, note, measured, limit, format));
  }

  List<Figures.Figure> figures() {
    return rows.values().stream().flatMap(row -> row.values().stream()).flatMap(List::stream).toList();
  }

  /** The lines of a table in Markdown. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("| " + title + " | " + Links.ALL.stream().map(Links::name).collect(Collectors.joining(" | ")) + " |");
    lines.add("| --- | --- | --- | --- |");
    rows.forEach(
        (row, cells) ->
            lines.add(
                "| " + row + " | " + Links.ALL.stream().map(link -> cell(cells.getOrDefault(link, List.of()))).collect(Collectors.joining(" | "))
                    + " |"));
    return lines;
  }

  private static String cell(List<Figures.Figure> figures) {
    return figures.stream().map(Figures.Figure::cell).collect(Collectors.joining("<br>"));
  }
}
