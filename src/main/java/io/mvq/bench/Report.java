package io.mvq.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.files.OutputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A run's results.
 *
 * @param date ISO date
 * @param commit of the sources, or "unknown"
 * @param machine what the native harness said of it; null if it did not run
 */
public record Report(String date, String commit, JsonNode machine, List<Row> rows) {
  /** Rows of the same case from several processes become one with all peers; the first leads. */
  static List<Row> joined(List<Row> rows) {
    Map<String, Row> byKey = new LinkedHashMap<>();
    rows.forEach(row -> byKey.merge(row.key(), row, Row::with));
    return List.copyOf(byKey.values());
  }

  /** The CPU by name. */
  public String cpu() {
    return machine == null ? System.getProperty("os.arch") : machine.get("cpu").asText();
  }

  /** Where, when, against whom; then a line a row. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%s, commit %s, %s%n", date, commit, cpu()));
    if (machine != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "kernels %s, peers %s%n",
              machine.get("isa").asText(),
              machine.get("peers")));
      machine
          .get("limits")
          .forEach(
              limit ->
                  text.append(
                      String.format(
                          Locale.ROOT,
                          "%d thread(s): %s multiply-add at most %.0f GFLOP/s, copy %.1f GB/s%n",
                          limit.get("threads").asInt(),
                          machine.get("peak_isa").asText(),
                          limit.get("peak_gflops").asDouble(),
                          limit.get("copy_gb_per_s").asDouble())));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%-22s %-28s %7s %4s %6s %2s %11s %8s %6s %8s  %s%n",
            "operation",
            "",
            "n",
            "d",
            "k",
            "th",
            "ns a row",
            "GFLOP/s",
            "peak",
            "extra KB",
            "a peer's time over ours"));
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(Row row) {
    StringJoiner peers = new StringJoiner(", ");
    row.speedup()
        .forEach((name, ratio) -> peers.add(String.format(Locale.ROOT, "%s %.2fx", name, ratio)));
    return String.format(
        Locale.ROOT,
        "%-22s %-28s %7d %4s %6s %2d %11.1f %8s %6s %8s  %s%n",
        row.operation(),
        row.detail(),
        row.n(),
        row.d() == 0 ? "" : row.d(),
        row.k() == 0 ? "" : row.k(),
        row.threads(),
        row.nsPerRow(),
        row.gflops() == null ? "" : String.format(Locale.ROOT, "%.0f", row.gflops()),
        row.shareOfPeak() == null ? "" : Math.round(100 * row.shareOfPeak()) + " %",
        row.extraBytes() == null ? "" : row.extraBytes() / 1024,
        peers);
  }

  /** Writes bench.csv, bench.json and, of the searches, bench.png. */
  public void write(Path folder) throws IOException {
    OutputFile.write(folder.resolve("bench.csv"), String.join("\n", csv()) + "\n");
    OutputFile.write(
        folder.resolve("bench.json"),
        NativeHarness.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json()));
    SpeedupPlot.write(folder.resolve("bench.png"), this);
  }

  private ObjectNode json() {
    ObjectNode all = NativeHarness.JSON.createObjectNode();
    all.put("date", date).put("commit", commit).put("cpu", cpu());
    if (machine != null) {
      all.set("machine", machine);
      all.set("peak_gflops", machine.at("/limits/0/peak_gflops"));
    }
    all.set("rows", NativeHarness.JSON.valueToTree(rows));
    return all;
  }

  private List<String> csv() {
    List<String> peers =
        rows.stream().flatMap(r -> r.speedup().keySet().stream()).distinct().toList();
    List<String> lines = new ArrayList<>();
    lines.add("# " + date + ", commit " + commit + ", " + cpu().replace(',', ' '));
    lines.add(
        "operation,detail,n,d,k,threads,ns_per_row,gflops,gb_per_s,share_of_peak,extra_bytes"
            + String.join("", peers.stream().map(peer -> ",speedup_" + peer).toList()));
    for (Row row : rows) {
      StringJoiner line = new StringJoiner(",");
      line.add(quoted(row.operation())).add(quoted(row.detail()));
      line.add(row.n() + "").add(row.d() + "").add(row.k() + "").add(row.threads() + "");
      line.add(number(row.nsPerRow())).add(number(row.gflops())).add(number(row.gbPerS()));
      line.add(number(row.shareOfPeak()))
          .add(row.extraBytes() == null ? "" : row.extraBytes() + "");
      peers.forEach(peer -> line.add(number(row.speedup().get(peer))));
      lines.add(line.toString());
    }
    return lines;
  }

  /** A field of CSV (RFC 4180), in quotes where it holds what parts fields. */
  private static String quoted(String field) {
    return field.matches("[^,\"\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  private static String number(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.4g", value);
  }
}
