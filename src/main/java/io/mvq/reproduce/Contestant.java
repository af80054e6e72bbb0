package io.mvq.reproduce;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A system of the comparison: what it changes in the protocol's recipe.
 *
 * @param name as tables and plots show it
 * @param flags as on the command line, without dashes
 */
record Contestant(String name, Map<String, Object> flags) {
  /** As published: pixels alone (arXiv 1711.00937). */
  static final Contestant VQ_VAE =
      new Contestant("VQ-VAE", Map.of("system", "vq", "draw-weight", 0));

  /** As published, its two levels too (arXiv 1906.00446). */
  static final Contestant VQ_VAE_2 = VQ_VAE.with("VQ-VAE-2", Map.of("architecture", "hierarchy"));

  /**
   * As the paper has it, pixels and winners alone; with a winner for each base token: at 2 tokens
   * the paper's one an image, at more better than that.
   */
  static final Contestant WINNERS =
      new Contestant(
          "MVQ, winners alone",
          Map.of("system", "mvq", "winner-per-token", true, "draw-weight", 0));

  /** The paper's; differs from {@link #WINNERS} only with several base tokens. */
  static final Contestant WINNER_AN_IMAGE =
      WINNERS.with("MVQ, winner an image", Map.of("winner-per-token", false));

  static final Contestant DIFFUSION =
      new Contestant("latent diffusion", Map.of("architecture", "continuous", "draw-weight", 0));

  /** Trained with exactly the losses of {@link #MVQ}. */
  static final Contestant VQ = VQ_VAE.drawn("VQ");

  static final Contestant MVQ = WINNERS.drawn("MVQ");
  static final Contestant HIERARCHY = VQ_VAE_2.drawn("hierarchy of VQ");
  static final Contestant HIERARCHY_MVQ =
      MVQ.with("hierarchy with MVQ", Map.of("architecture", "hierarchy"));

  Contestant {
    flags = Map.copyOf(flags);
  }

  /** This one changed further. */
  Contestant with(String otherName, Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(flags);
    all.putAll(more);
    return new Contestant(otherName, all);
  }

  /** With the energy score of drawn images; without masks it is a perceptual loss. */
  private Contestant drawn(String otherName) {
    return with(otherName, Map.of("draw-weight", 1.5, "look", "labels"));
  }

  /** Whether it is trained with the losses of {@link #MVQ}. */
  boolean drawn() {
    return !flags.get("draw-weight").equals(0);
  }

  /** What could refute that masks and their winners are what helps: all with MVQ's losses. */
  static List<Contestant> controls() {
    return List.of(
        VQ.with("VQ, random bits", Map.of("noise", "bits")),
        VQ.with("VQ, Gaussian noise", Map.of("noise", "gaussian")),
        MVQ.with("MVQ, one hypothesis", Map.of("hypotheses", 1)),
        VQ.with("residual VQ", Map.of("system", "rvq")),
        VQ.with("FSQ", Map.of("system", "fsq")));
  }

  /** Other quantizers in VQ's place, as published. */
  static List<Contestant> quantizers() {
    return List.of(
        VQ_VAE.with("Gumbel-softmax, pixels", Map.of("system", "gumbel")),
        VQ_VAE.with("Concrete, pixels", Map.of("system", "concrete")),
        VQ_VAE.with("FSQ, pixels", Map.of("system", "fsq")),
        VQ_VAE.with("LFQ, pixels", Map.of("system", "lfq")),
        VQ_VAE.with("residual VQ, pixels", Map.of("system", "rvq")));
  }

  /** Ways to train and to sample MVQ beyond the paper's plain form, by winners alone. */
  static List<Contestant> variants() {
    return List.of(
        WINNERS.with("MVQ, Bernoulli mask prior", Map.of("mask-prior", "bernoulli")),
        WINNERS.with("MVQ, autoregressive mask prior", Map.of("mask-prior", "autoregressive")),
        WINNERS.with("MVQ, annealed winners", Map.of("soft-top", 8, "soft-temperature", 0.1)),
        WINNERS.with("MVQ, mixture head", gates(0.25)),
        WINNERS.with("MVQ, all masks of 8 bits", Map.of("mask-width", 8, "masks", "all")));
  }

  /** The follow-up paper's gates (arXiv 2312.11735) with a mixture head. */
  private static Map<String, Object> gates(double share) {
    return Map.of("mask-width", 8, "masks", "gates", "gate-share", share, "mixture-weight", 0.25);
  }

  /** VQGAN as published: perceptual loss and a discriminator, from a fifth of the steps on. */
  static Contestant vqgan(Protocol protocol) {
    return adversarial(VQ_VAE, "VQGAN", protocol);
  }

  /** The same around MVQ. */
  static Contestant vqganWithMvq(Protocol protocol) {
    return adversarial(WINNERS, "VQGAN with MVQ", protocol);
  }

  private static Contestant adversarial(Contestant one, String name, Protocol protocol) {
    long start = protocol.steps() / 5;
    Map<String, Object> flags = new LinkedHashMap<>();
    flags.put("adversarial-weight", 0.8);
    flags.put("adversarial-start", start);
    flags.put("adversarial-ramp", start);
    flags.put("perceptual-weight", 1.0);
    return one.with(name, flags);
  }
}
