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
  static final Contestant VQ = new Contestant("VQ", Map.of("system", "vq"));

  /**
   * A winner for each base token: at 2 tokens the paper's one an image, at more better than that.
   */
  static final Contestant MVQ =
      new Contestant("MVQ", Map.of("system", "mvq", "winner-per-token", true));

  /** The paper's; differs from MVQ only with several base tokens. */
  static final Contestant WINNER_AN_IMAGE =
      MVQ.with("MVQ, winner an image", Map.of("winner-per-token", false));

  static final Contestant HIERARCHY = VQ.with("VQ-VAE-2", Map.of("architecture", "hierarchy"));
  static final Contestant HIERARCHY_MVQ =
      MVQ.with("VQ-VAE-2 with MVQ", Map.of("architecture", "hierarchy"));
  static final Contestant DIFFUSION =
      new Contestant("latent diffusion", Map.of("architecture", "continuous"));

  Contestant {
    flags = Map.copyOf(flags);
  }

  /** This one changed further. */
  Contestant with(String otherName, Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(flags);
    all.putAll(more);
    return new Contestant(otherName, all);
  }

  /** Other quantizers in VQ's place. */
  static List<Contestant> quantizers() {
    return List.of(
        VQ.with("Gumbel-softmax", Map.of("system", "gumbel")),
        VQ.with("Concrete", Map.of("system", "concrete")),
        VQ.with("FSQ", Map.of("system", "fsq")),
        VQ.with("LFQ", Map.of("system", "lfq")),
        VQ.with("residual VQ", Map.of("system", "rvq")));
  }

  /** Ways to train and to sample MVQ beyond the paper's plain form. */
  static List<Contestant> variants() {
    return List.of(
        MVQ.with("MVQ, Bernoulli mask prior", Map.of("mask-prior", "bernoulli")),
        MVQ.with("MVQ, autoregressive mask prior", Map.of("mask-prior", "autoregressive")),
        MVQ.with("MVQ, annealed winners", Map.of("soft-top", 8, "soft-temperature", 0.1)),
        MVQ.with("MVQ, mixture head", gates(0.25)),
        MVQ.with("MVQ, all masks of 8 bits", Map.of("mask-width", 8, "masks", "all")));
  }

  /** The follow-up paper's gates (arXiv 2312.11735) with a mixture head. */
  private static Map<String, Object> gates(double share) {
    return Map.of("mask-width", 8, "masks", "gates", "gate-share", share, "mixture-weight", 0.25);
  }

  /** With VQGAN's discriminator, from a fifth of the protocol's steps on. */
  Contestant judged(Protocol protocol) {
    long start = protocol.steps() / 5;
    return with(
        name + ", discriminator",
        Map.of("adversarial-weight", 0.8, "adversarial-start", start, "adversarial-ramp", start));
  }

  /** With VQGAN's perceptual loss. */
  Contestant perceptual(String otherName) {
    return with(otherName, Map.of("perceptual-weight", 1.0));
  }
}
