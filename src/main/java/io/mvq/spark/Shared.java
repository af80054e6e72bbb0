package io.mvq.spark;

import java.io.IOException;
import java.io.Serializable;

/**
 * What every task of a job uses and every executor opens once for itself: a model, a feature
 * network. It travels with the tasks; what it opens stays as long as the executor does.
 *
 * @param <T> what is opened
 */
public sealed interface Shared<T> extends Serializable permits SharedModel, SharedNetwork {
  /** Equal for what is the same. */
  String key();

  /** Opens it. @throws IOException saying what is wrong with it here */
  T open() throws IOException;
}
