/**
 * The paper's comparison: every system under one protocol, its claims checked one by one.
 *
 * <p>Start at {@link io.mvq.reproduce.Reproduction}. The claims are those of arXiv 2301.06626,
 * abstract and introduction, as ratios against our own baselines, since the paper's tables were not
 * at hand. A finished trial is a line of {@code trials.jsonl} and is never computed twice. Imports
 * {@code run} and what lies below it; never {@code cli}.
 */
package io.mvq.reproduce;
