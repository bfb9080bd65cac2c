/**
 * The elements that the inputs of all field types are made of. Whoever draws an input imports this: values are shown without them,
 * and they are half of a list's script.
 */
import './any-reference-input.js'
import './date-picker.js'
import './file-input.js'
import './json-input.js'
import './lines-editor.js'
import './markdown-input.js'
import './rating-input.js'
import './reference-input.js'
import './references-input.js'
import '@vaadin/checkbox'
import '@vaadin/combo-box'
import '@vaadin/date-time-picker'
import '@vaadin/multi-select-combo-box'
import '@vaadin/text-area'
import '@vaadin/text-field'
import '@vaadin/time-picker'
import '../ui/click-through.js'
import '../ui/pressed-choice.js'
