/**
 * A model in the browser: {@code mvq serve}. The JDK's HTTP server, a JSON API and the pages on top
 * of it, which are plain files among the resources. Who may ask and how much at once is decided
 * before a model is called; nothing is ever written to the disk.
 *
 * <p>Start at {@link io.mvq.serve.Server}. May import {@code io.mvq}, {@code run}, {@code prior}
 * and {@code data.format}; only {@code cli} imports it.
 */
package io.mvq.serve;
