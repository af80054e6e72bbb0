package io.mvq.autoencoder;

import java.util.ArrayList;
import java.util.List;

/**
 * Square images, and the maps that halvings make of them.
 *
 * @param channels 3 for RGB, 1 for grey
 * @param side pixels, 16 or a multiple of 32
 */
public record ImageShape(int channels, int side) {
  private static final int LEAST_GRID = 2;
  private static final int LEAST_DENSE = 4;

  public ImageShape {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
    }
    if (side < 16 || side % 32 != 0 && side != 16) {
      throw new IllegalArgumentException("side must be 16 or a multiple of 32, got " + side);
    }
  }

  /** Sides of the maps that a grid of tokens can be, the greatest first: 48, 24, 12, 6, 3 of 96. */
  public List<Integer> grids() {
    List<Integer> grids = new ArrayList<>();
    for (int half = side; half % 2 == 0 && half / 2 >= LEAST_GRID; ) {
      half /= 2;
      grids.add(half);
    }
    return grids;
  }

  /** Side of the map that a dense layer reads: the least of 4 or more, 4 of 128, 6 of 96. */
  public int smallest() {
    int smallest = side;
    for (int grid : grids()) {
      smallest = grid >= LEAST_DENSE ? grid : smallest;
    }
    return smallest;
  }

  /** Side of a lower level's map without a grid: twice {@link #smallest}. */
  public int smallestBottom() {
    return 2 * smallest();
  }

  /** Throws unless a grid of this side can be made. @param grid 0 for none */
  void requireGrid(int grid) {
    if (grid != 0 && !grids().contains(grid)) {
      throw new IllegalArgumentException(
          "grid must be 0 or, of images of side " + side + ", one of " + grids() + ", got " + grid);
    }
  }
}
