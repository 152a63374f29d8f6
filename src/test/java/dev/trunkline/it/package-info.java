/** Tests of the packaged service, as processes that are killed, stopped and cut off for real. */
package dev.trunkline.it;
