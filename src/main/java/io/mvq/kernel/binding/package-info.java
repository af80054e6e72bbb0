/**
 * Generated at build time by JavaCPP from {@code mvq.h}, by the preset that stands here. Only
 * {@link io.mvq.kernel} may import it.
 */
package io.mvq.kernel.binding;
