package io.mvq.picture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/**
 * Groups of bars.
 *
 * @param groups labels below the groups
 * @param bars by their label in the legend, one number a group
 */
public record BarPlot(String title, String y, List<String> groups, Map<String, List<Double>> bars) {

  /** Draws a PNG of 1400 x 600; needs no display. */
  public void write(Path png) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder().width(1400).height(600).title(title).yAxisTitle(y).build();
    bars.forEach((label, values) -> chart.addSeries(label, groups, values));
    chart.getStyler().setXAxisLabelRotation(60);
    Pictures.save(png, chart);
  }
}
