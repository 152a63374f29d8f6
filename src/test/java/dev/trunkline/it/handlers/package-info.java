/**
 * Task types that write down what happens to them, and some that behave badly. They are packaged
 * together with the service by {@link dev.trunkline.it.SuiteApplication}.
 */
package dev.trunkline.it.handlers;
