/** Tabs above a panel: one stop for the Tab key, arrows between them, as the ARIA pattern asks. */
import './tab-bar.css'
import { html, nothing, type TemplateResult } from 'lit'

export interface Tab {
  readonly label: string
  /** A number to draw attention, e.g. of mistakes; 0 shows none. */
  readonly alert: number
  /** What the number means. */
  readonly alertLabel: string
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 }

/**
 * @param name what is divided into the tabs, for who cannot see the place
 * @param panel id of the element that the tabs switch
 */
export function tabBar(name: string, tabs: readonly Tab[], selected: number, panel: string, choose: (index: number) => void): TemplateResult {
  const key = (event: KeyboardEvent): void => {
    const step = steps[event.key]
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1 : step === undefined ? null : (selected + step + tabs.length) % tabs.length
    if (next === null) return
    event.preventDefault()
    choose(next)
    const bar = event.currentTarget
    if (bar instanceof HTMLElement) bar.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus()
  }
  return html`
    <div class="tab-bar" role="tablist" aria-label=${name} @keydown=${key}>
      ${tabs.map((tab, index) => html`
        <button type="button" role="tab" aria-selected=${index === selected ? 'true' : 'false'} aria-controls=${panel} tabindex=${index === selected ? 0 : -1} @click=${() => choose(index)}>
          ${tab.label}${tab.alert === 0 ? nothing : html`<span class="tab-alert" title=${tab.alertLabel}>${tab.alert}<span class="visually-hidden"> ${tab.alertLabel}</span></span>`}
        </button>`)}
    </div>
  `
}
