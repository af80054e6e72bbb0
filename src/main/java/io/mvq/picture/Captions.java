package io.mvq.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Texts left of the rows of a picture, measured before they are drawn, so that none is cut off.
 *
 * @param width of all, in pixels, with their margins
 * @param height of one
 */
record Captions(List<String> texts, int width, int height) {
  static final Captions NONE = new Captions(List.of(), 0, 0);

  private static final int MARGIN = 4;
  private static final int SIZE = 12;

  /** Loads fonts: call it only where there are texts, as a bare container may have none. */
  static Captions of(List<String> texts) {
    Graphics2D canvas = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    prepare(canvas);
    FontMetrics metrics = canvas.getFontMetrics();
    int widest = texts.stream().mapToInt(metrics::stringWidth).max().orElse(0);
    canvas.dispose();
    return new Captions(texts, widest + 2 * MARGIN, metrics.getAscent() + metrics.getDescent());
  }

  /** Draws each in the middle of its row. */
  void draw(Graphics2D canvas, int rowHeight, int gap) {
    if (texts.isEmpty()) {
      return;
    }
    prepare(canvas);
    FontMetrics metrics = canvas.getFontMetrics();
    int baseline = (rowHeight - height) / 2 + metrics.getAscent();
    for (int row = 0; row < texts.size(); row++) {
      canvas.drawString(texts.get(row), MARGIN, row * (rowHeight + gap) + baseline);
    }
  }

  private static void prepare(Graphics2D canvas) {
    canvas.setColor(Color.BLACK);
    canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, SIZE));
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    canvas.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_OFF);
  }
}
