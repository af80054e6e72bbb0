/**
 * Commands as processes of their own, killed at random moments and run in other surroundings: what
 * they leave behind is whole, and what they make in the end is the same to the last byte.
 */
package io.mvq.kill;
