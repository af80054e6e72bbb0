/**
 * One HTML file that says how something went: tables, pictures that enlarge, plots, commands. It
 * holds all it shows and asks no network.
 *
 * <p>Start at {@link io.mvq.report.Report}. Plots are SVG of our own: they take the page's colours,
 * light or dark, and their words stay words, which a plotting library's vector export does not
 * give; the PNG plots of {@code picture} remain for what shows no SVG. Imports {@code picture}, for
 * a plot's lines, and {@code files}; knows neither runs nor claims.
 */
package io.mvq.report;
