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
  static final String CONTROLS = "Controls";
  static final String PUBLISHED = "As published";
  static final String HIERARCHIES = "Hierarchies";
  static final String VARIANTS = "MVQ, trained and sampled in other ways";
  static final String QUANTIZERS = "Other quantizers";

  /** All trials of a protocol. */
  static Plan of(Protocol protocol) {
    Map<String, List<Trial>> sections = new LinkedHashMap<>();
    int smallest = protocol.smallest();
    for (int tokens : Protocol.TOKENS) {
      sections.put(MAIN + ", " + tokens + " tokens", main(protocol, tokens));
    }
    sections.put(SWEEP, sweep(protocol));
    List<Trial> controls = new ArrayList<>(once(protocol, Contestant.controls(), smallest, 2));
    controls.addAll(once(protocol, Contestant.controls(), smallest, 5));
    sections.put(CONTROLS, controls);
    List<Trial> published = new ArrayList<>();
    List<Contestant> two = List.of(Contestant.VQ_VAE, Contestant.WINNERS);
    for (int tokens : Protocol.TOKENS) {
      published.addAll(onEachSet(protocol, two, smallest, tokens));
      published.addAll(trials(protocol, tokens, two));
    }
    published.addAll(
        trials(
            protocol,
            5,
            List.of(
                Contestant.vqgan(protocol),
                Contestant.vqganWithMvq(protocol),
                Contestant.VQ_VAE_2,
                Contestant.DIFFUSION)));
    sections.put(PUBLISHED, List.copyOf(new LinkedHashSet<>(published)));
    sections.put(
        HIERARCHIES, trials(protocol, 5, List.of(Contestant.HIERARCHY, Contestant.HIERARCHY_MVQ)));
    List<Trial> variants = new ArrayList<>(trials(protocol, 2, Contestant.variants()));
    variants.addAll(trials(protocol, 5, List.of(Contestant.WINNER_AN_IMAGE)));
    sections.put(VARIANTS, variants);
    sections.put(QUANTIZERS, trials(protocol, 2, Contestant.quantizers()));
    return new Plan(sections);
  }

  /** On every data set with the first seed, on the first two with the others. */
  private static List<Trial> main(Protocol protocol, int tokens) {
    List<Contestant> two = List.of(Contestant.VQ, Contestant.MVQ);
    int codes = protocol.smallest();
    List<Trial> all = new ArrayList<>(onEachSet(protocol, two, codes, tokens));
    List<String> datasets = protocol.datasets();
    List<String> firstTwo = datasets.subList(0, Math.min(2, datasets.size()));
    List<Long> others = protocol.seeds().subList(1, protocol.seeds().size());
    all.addAll(everywhere(two, codes, tokens, others, firstTwo));
    return all;
  }

  /** On several data sets, with several seeds: seed by seed. */
  private static List<Trial> everywhere(
      List<Contestant> contestants,
      int codes,
      int tokens,
      List<Long> seeds,
      List<String> datasets) {
    List<Trial> all = new ArrayList<>();
    for (long seed : seeds) {
      for (String dataset : datasets) {
        for (Contestant one : contestants) {
          all.add(new Trial(dataset, one, tokens, codes, seed));
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
        all.addAll(once(protocol, List.of(Contestant.VQ, Contestant.MVQ), codes, tokens));
      }
    }
    return all;
  }

  private static List<Trial> trials(Protocol protocol, int tokens, List<Contestant> contestants) {
    return once(protocol, contestants, protocol.codes(), tokens);
  }

  /** On every data set, with the first seed. */
  private static List<Trial> onEachSet(
      Protocol protocol, List<Contestant> contestants, int codes, int tokens) {
    List<Long> first = protocol.seeds().subList(0, 1);
    return everywhere(contestants, codes, tokens, first, protocol.datasets());
  }

  /** On the first data set, with the first seed. */
  private static List<Trial> once(
      Protocol protocol, List<Contestant> contestants, int codes, int tokens) {
    return everywhere(
        contestants,
        codes,
        tokens,
        protocol.seeds().subList(0, 1),
        protocol.datasets().subList(0, 1));
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
