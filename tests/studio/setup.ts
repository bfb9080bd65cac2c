/** Elements are tested by themselves: what the page loads before the first of them is here already. */
import '../../studio/fields/inputs.js'
import { speakOfDesign } from '../../studio/client/i18n.js'

await speakOfDesign()
