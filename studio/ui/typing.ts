/** True while keys go into something that a person is typing in: then single keys and arrows are its own. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.composedPath().some((node) => node instanceof HTMLElement && (node.isContentEditable || node.role === 'textbox' || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName)))
