/**
 * Files that are whole or not there: outputs written beside their place and renamed into it,
 * folders replaced as one, checksums of what a folder holds, and JSON that is not read generously.
 *
 * <p>Start at {@link io.mvq.files.OutputFile}. Imports nothing of this project, so that everything
 * may import it.
 */
package io.mvq.files;
