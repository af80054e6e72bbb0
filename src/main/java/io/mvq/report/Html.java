package io.mvq.report;

/** HTML as it is written: whatever is given as text or as an attribute's value is escaped. */
final class Html {
  private final StringBuilder text = new StringBuilder();

  static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      switch (one) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(one < ' ' && one != '\n' && one != '\t' ? '\ufffd' : one);
      }
    }
    return safe.toString();
  }

  /** Begins an element. @param attributes names and values, one after another */
  Html open(String tag, String... attributes) {
    text.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"").append(escaped(attributes[i + 1]));
      text.append('"');
    }
    text.append('>');
    return this;
  }

  Html close(String tag) {
    text.append("</").append(tag).append(">\n");
    return this;
  }

  Html text(String words) {
    text.append(escaped(words));
    return this;
  }

  /** An element of text alone. */
  Html element(String tag, String words, String... attributes) {
    return open(tag, attributes).text(words).close(tag);
  }

  /** What is HTML already. */
  Html raw(String html) {
    text.append(html);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
