/**
 * Bulk work on Apache Spark 4: DataFrames of images to codes and back, Frechet moments of millions
 * of images, the nearest codes of vectors.
 *
 * <p>Start at {@link io.mvq.spark.MvqEncoder}. What a task needs is opened once an executor ({@link
 * io.mvq.spark.Shared}), rows are worked on in batches as they stream by, and a row that cannot be
 * read has its reason in the column {@code error}. {@link io.mvq.spark.NearestCodes} needs the
 * kernels alone, no LibTorch. An artifact of its own, {@code mvq-spark}, compiled and tested in
 * modules/spark: nothing else may import it, and nothing else sees Spark.
 */
package io.mvq.spark;
