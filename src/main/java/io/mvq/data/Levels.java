package io.mvq.data;

/** 8 bits a channel as the models see them: 0 to 255 as -1 to 1. */
public final class Levels {
  private Levels() {}

  static float of(int value) {
    return value / 127.5f - 1;
  }

  /** Uint8 pixels as floats. */
  public static float[] of(byte[] pixels) {
    float[] floats = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      floats[i] = of(pixels[i] & 255);
    }
    return floats;
  }
}
