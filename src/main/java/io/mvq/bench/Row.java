package io.mvq.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A measured case.
 *
 * @param speedup each peer's time over ours, both from the same rounds
 * @param gflops by the plain formula; null if not counted, as the next three
 * @param gbPerS bytes moved by necessity
 * @param peakGflops the machine's limit in the same rounds
 * @param extraBytes of ours, beyond inputs and results; null if not known
 */
public record Row(
    String operation,
    String detail,
    long n,
    long d,
    long k,
    int threads,
    double nsPerRow,
    Double gflops,
    Double gbPerS,
    Double peakGflops,
    Double shareOfPeak,
    Map<String, Double> speedup,
    Long extraBytes,
    Map<String, Long> peerExtraBytes) {

  /** What tells two rows apart. */
  String key() {
    return String.join("|", operation, detail, n + "", d + "", k + "", threads + "");
  }

  /** This row with the peers of another process's row of the same case too. */
  Row with(Row other) {
    Map<String, Double> ratios = new LinkedHashMap<>(speedup);
    ratios.putAll(other.speedup);
    Map<String, Long> bytes = new LinkedHashMap<>(peerExtraBytes);
    bytes.putAll(other.peerExtraBytes);
    return new Row(
        operation,
        detail,
        n,
        d,
        k,
        threads,
        nsPerRow,
        gflops,
        gbPerS,
        peakGflops,
        shareOfPeak,
        ratios,
        extraBytes,
        bytes);
  }
}
