package io.mvq.timing;

/**
 * One way to do a case's work; the first of a case is ours.
 *
 * @param extraBytes memory beyond inputs and results, at least so much; -1 if not known
 */
public record Contender(String name, long extraBytes, Runnable run) {}
