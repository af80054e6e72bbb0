/**
 * A model in the browser, and trainings to be watched: {@code mvq serve}. The JDK's HTTP server, a
 * JSON API and the pages on top of it, which are plain files among the resources. Who may ask and
 * how much at once is decided before a model is called; nothing is ever written to the disk. A
 * training is seen by the files that it writes, so it may be another process's.
 *
 * <p>Start at {@link io.mvq.serve.Server}. May import {@code io.mvq}, {@code run}, {@code prior},
 * {@code quantize} and {@code train}; only {@code cli} imports it.
 */
package io.mvq.serve;
