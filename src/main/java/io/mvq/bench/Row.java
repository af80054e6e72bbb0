package io.mvq.bench;

import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** Measures a case in turns; the first contender is ours. */
  public static Row of(Case measured, Place place, List<Contender> contenders, Rounds rounds) {
    double[] medians = rounds.medians(place, contenders);
    double mine = medians[0];
    Map<String, Double> speedup = new LinkedHashMap<>();
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (int i = 1; i < medians.length; i++) {
      Contender peer = contenders.get(i);
      speedup.put(peer.name(), medians[i] / mine);
      if (peer.extraBytes() >= 0) {
        bytes.put(peer.name(), peer.extraBytes());
      }
    }
    return new Row(
        measured.operation(),
        measured.detail(),
        measured.n(),
        measured.d(),
        measured.k(),
        place.threads(),
        mine / Math.max(1, measured.n()),
        measured.flops() > 0 ? measured.flops() / mine : null,
        null,
        null,
        null,
        speedup,
        contenders.get(0).extraBytes() < 0 ? null : contenders.get(0).extraBytes(),
        bytes);
  }

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
