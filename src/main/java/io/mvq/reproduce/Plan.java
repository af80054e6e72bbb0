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
  static final String SMALLEST = "Smallest codebook";
  static final String SWEEP = "Codebook sweep";
  static final String CONTROLS = "Controls";
  static final String PUBLISHED = "As published";
  static final String HIERARCHIES = "Hierarchies";
  static final String VARIANTS = "MVQ, trained and sampled in other ways";
  static final String QUANTIZERS = "Other quantizers";

  /** All trials of a protocol. */
  static Plan of(Protocol protocol) {
    Map<String, List<Trial>> sections = new LinkedHashMap<>();
    List<Contestant> two = List.of(Contestant.VQ, Contestant.MVQ);
    sections.put(MAIN, everywhere(protocol, two, protocol.codes(), Protocol.TOKENS));
    for (int tokens : Protocol.TOKENS) {
      sections.put(
          SMALLEST + ", " + tokens + " tokens",
          everywhere(protocol, two, protocol.sweep().get(0), List.of(tokens)));
    }
    sections.put(SWEEP, sweep(protocol));
    List<Trial> controls = new ArrayList<>(trials(protocol, 2, Contestant.controls()));
    controls.addAll(trials(protocol, 5, Contestant.controls()));
    sections.put(CONTROLS, controls);
    List<Trial> published =
        new ArrayList<>(
            everywhere(
                protocol,
                List.of(Contestant.VQ_VAE, Contestant.WINNERS),
                protocol.codes(),
                Protocol.TOKENS));
    published.addAll(
        trials(
            protocol,
            5,
            List.of(
                Contestant.vqgan(protocol),
                Contestant.vqganWithMvq(protocol),
                Contestant.VQ_VAE_2,
                Contestant.DIFFUSION)));
    sections.put(PUBLISHED, published);
    sections.put(
        HIERARCHIES, trials(protocol, 5, List.of(Contestant.HIERARCHY, Contestant.HIERARCHY_MVQ)));
    List<Trial> variants = new ArrayList<>(trials(protocol, 2, Contestant.variants()));
    variants.addAll(trials(protocol, 5, List.of(Contestant.WINNER_AN_IMAGE)));
    sections.put(VARIANTS, variants);
    sections.put(QUANTIZERS, trials(protocol, 2, Contestant.quantizers()));
    return new Plan(sections);
  }

  /** On every data set, with every seed: seed by seed. */
  private static List<Trial> everywhere(
      Protocol protocol, List<Contestant> contestants, int codes, List<Integer> tokenCounts) {
    List<Trial> all = new ArrayList<>();
    for (long seed : protocol.seeds()) {
      for (String dataset : protocol.datasets()) {
        for (int tokens : tokenCounts) {
          for (Contestant one : contestants) {
            all.add(new Trial(dataset, one, tokens, codes, seed));
          }
        }
      }
    }
    return all;
  }

  /** The first data set and seed, the smallest codebook first. */
  private static List<Trial> sweep(Protocol protocol) {
    List<Trial> all = new ArrayList<>();
    for (int codes : protocol.sweep()) {
      for (int tokens : Protocol.TOKENS) {
        for (Contestant one : List.of(Contestant.VQ, Contestant.MVQ)) {
          all.add(
              new Trial(protocol.datasets().get(0), one, tokens, codes, protocol.seeds().get(0)));
        }
      }
    }
    return all;
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
