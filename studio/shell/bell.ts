/** How many notifications are not read, beside a bell. */
import { html, nothing, type TemplateResult } from 'lit'

import { countedMost } from '../../metadata/contract/notification.js'
import type { Client } from '../client/client.js'
import { number, t } from '../client/i18n.js'

export const unreadBadge = ({ inbox: { unread: { value } } }: Client): TemplateResult | typeof nothing =>
  value === 0 ? nothing : html`<b class="bell-count">${value >= countedMost ? `${number(countedMost - 1)}+` : number(value)}<span class="visually-hidden"> ${t('inbox.isUnread')}</span></b>`
