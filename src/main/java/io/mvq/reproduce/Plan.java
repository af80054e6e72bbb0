package io.mvq.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which trials there are, by the question they answer, the most important first.
 *
 * @param sections a section's name to its trials; a trial may serve several
 */
record Plan(Map<String, List<Trial>> sections) {
  static final String MAIN = "VQ against MVQ";
  static final String SWEEP = "Codebook sweep";
  static final String VARIANTS = "MVQ, trained and sampled in other ways";
  static final String QUANTIZERS = "Other quantizers";
  static final String LOSSES = "Other losses";
  static final String ARCHITECTURES = "Other architectures";

  /** All trials of a protocol. */
  static Plan of(Protocol protocol) {
    Map<String, List<Trial>> sections = new LinkedHashMap<>();
    List<Trial> main = new ArrayList<>();
    for (long seed : protocol.seeds()) {
      for (String dataset : protocol.datasets()) {
        for (int tokens : Protocol.TOKENS) {
          main.add(new Trial(dataset, Contestant.VQ, tokens, protocol.codes(), seed));
          main.add(new Trial(dataset, Contestant.MVQ, tokens, protocol.codes(), seed));
        }
      }
    }
    sections.put(MAIN, main);
    String first = protocol.datasets().get(0);
    long seed = protocol.seeds().get(0);
    List<Trial> sweep = new ArrayList<>();
    for (int codes : protocol.sweep()) {
      for (int tokens : Protocol.TOKENS) {
        sweep.add(new Trial(first, Contestant.VQ, tokens, codes, seed));
        sweep.add(new Trial(first, Contestant.MVQ, tokens, codes, seed));
      }
    }
    sections.put(SWEEP, sweep);
    List<Trial> variants = new ArrayList<>(trials(protocol, 2, Contestant.variants()));
    variants.addAll(trials(protocol, 5, List.of(Contestant.WINNER_AN_IMAGE)));
    sections.put(VARIANTS, variants);
    sections.put(QUANTIZERS, trials(protocol, 2, Contestant.quantizers()));
    Contestant vq = Contestant.VQ.judged(protocol);
    Contestant mvq = Contestant.MVQ.judged(protocol);
    List<Trial> losses = new ArrayList<>(trials(protocol, 2, List.of(vq, mvq)));
    losses.addAll(trials(protocol, 5, List.of(vq, mvq)));
    losses.addAll(
        trials(protocol, 5, List.of(vq.perceptual("VQGAN"), mvq.perceptual("VQGAN with MVQ"))));
    sections.put(LOSSES, losses);
    sections.put(
        ARCHITECTURES,
        trials(
            protocol,
            5,
            List.of(Contestant.HIERARCHY, Contestant.HIERARCHY_MVQ, Contestant.DIFFUSION)));
    return new Plan(sections);
  }

  private static List<Trial> trials(Protocol protocol, int tokens, List<Contestant> contestants) {
    return contestants.stream()
        .map(
            one ->
                new Trial(
                    protocol.datasets().get(0),
                    one,
                    tokens,
                    protocol.codes(),
                    protocol.seeds().get(0)))
        .toList();
  }

  /** Every trial once, in order. */
  Set<Trial> trials() {
    Set<Trial> all = new LinkedHashSet<>();
    sections.values().forEach(all::addAll);
    return all;
  }

  /** Only the sections whose names contain one of the texts, in any case. */
  Plan only(List<String> texts) {
    Map<String, List<Trial>> kept = new LinkedHashMap<>();
    sections.forEach(
        (name, trials) -> {
          if (texts.stream()
              .anyMatch(t -> name.toLowerCase(Locale.ROOT).contains(t.toLowerCase(Locale.ROOT)))) {
            kept.put(name, trials);
          }
        });
    if (kept.isEmpty()) {
      throw new IllegalArgumentException(
          "--only must name some of " + sections.keySet() + ", got " + texts);
    }
    return new Plan(kept);
  }
}
