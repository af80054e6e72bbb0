/**
 * A model behind a web service, on nothing but the JDK's own HTTP server.
 *
 * <p>Start at {@link io.mvq.examples.service.TokenizerService}. Compiled and run by the tests; no
 * part of the library, which must not import it.
 */
package io.mvq.examples.service;
