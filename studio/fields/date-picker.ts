/**
 * Vaadin's date picker. Closed before it was wholly open (a date that is pasted or typed fast, then Enter), it hides everything
 * around it from screen readers for good, as it is told of its opening last. A journey with the calendar tells when this is not needed.
 */
import '@vaadin/date-picker'

interface Picker {
  readonly opened: boolean
  _onOverlayOpened?(this: Picker): void
}

const picker = customElements.get('vaadin-date-picker')?.prototype as Picker | undefined
const opened = picker?._onOverlayOpened
if (picker !== undefined && opened !== undefined) {
  picker._onOverlayOpened = function () {
    if (this.opened) opened.call(this)
  }
}
