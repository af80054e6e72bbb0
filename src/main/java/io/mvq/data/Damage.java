package io.mvq.data;

/**
 * An image that cannot be read.
 *
 * @param name as {@link ImageSource#name} gives it
 * @param reason one line, naming the file
 */
public record Damage(String name, String reason) {}
