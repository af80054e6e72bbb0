/**
 * Packages of npm and Debian, fetched once by their ordinary clients, checked by SHA-256 and
 * unpacked into the user's cache folder. Nothing of them is run or installed.
 *
 * <p>Start at {@link io.mvq.data.fetch.Packages}. Imports of this project only {@code files}.
 */
package io.mvq.data.fetch;
