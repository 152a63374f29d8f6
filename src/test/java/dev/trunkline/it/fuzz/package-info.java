/**
 * Requests made up from the OpenAPI document, as it says and not quite so, and the judge of what is
 * answered. Start at {@link dev.trunkline.it.fuzz.Requests}; {@link dev.trunkline.it.fuzz.Judge}
 * knows nothing but the document.
 */
package dev.trunkline.it.fuzz;
