/**
 * A run made ready to travel: {@link io.mvq.export.Export} writes one folder or zip for inference
 * alone, with its weights as safetensors, {@code config.json} and a model card in the form of
 * Hugging Face's repositories. {@link io.mvq.run.Exported} reads it back. It trains and measures
 * nothing but what rounding costs, and nothing of {@code io.mvq.cli} or {@code io.mvq.reproduce} is
 * imported.
 */
package io.mvq.export;
