/**
 * Records whose components are settings: each names its flag, default and help in a {@link
 * io.mvq.setting.Flag}, its limits in the record's constructor.
 *
 * <p>Start at {@link io.mvq.setting.Settings}, which makes such records from flags and lists their
 * flags for a command line; {@link io.mvq.setting.SettingsJson} keeps them in files. A sealed
 * interface with a {@link io.mvq.setting.Choice} is one of several records. Imports nothing of this
 * project.
 */
package io.mvq.setting;
