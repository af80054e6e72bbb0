package io.mvq.setting;

import java.util.List;

/**
 * A flag as a command line shows it.
 *
 * @param flag its name, without dashes
 * @param label what to give
 * @param value its default
 * @param isSwitch whether it is true or false, so that the flag alone may mean true
 * @param help what it is
 * @param heading of the group it belongs to
 * @param owners the kinds that have it, as {@code system mvq}; empty if all do
 */
public record Setting(
    String flag,
    String label,
    String value,
    boolean isSwitch,
    String help,
    String heading,
    List<String> owners) {}
