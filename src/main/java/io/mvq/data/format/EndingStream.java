package io.mvq.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image's bytes for a decoder that may ask for more of them for ever: it is stopped by an
 * exception when its thread is interrupted, and when it has been told of the end many times.
 */
final class EndingStream extends MemoryCacheImageInputStream {
  private static final int MOST_ENDS = 1 << 16;

  private int ends;

  EndingStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    return counted(super.read());
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    return counted(super.read(into, from, length));
  }

  private int counted(int got) throws IOException {
    if (got < 0) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      if (++ends > MOST_ENDS) {
        // No EOFException: the WebP reader passes over those, and that is its endless loop.
        throw new IOException("asks for more than there is");
      }
    }
    return got;
  }
}
