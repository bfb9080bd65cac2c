/** Every field type's view. A type of the engine without a line here is shown as JSON. */
import type { FieldView } from './contract.js'
import { autonumber } from './types/autonumber.js'
import { boolean } from './types/boolean.js'
import { date } from './types/date.js'
import { decimal } from './types/decimal.js'
import { email } from './types/email.js'
import { instant } from './types/instant.js'
import { integer } from './types/integer.js'
import { json } from './types/json.js'
import { longText } from './types/longText.js'
import { money } from './types/money.js'
import { multiSelect } from './types/multiSelect.js'
import { percent } from './types/percent.js'
import { phone } from './types/phone.js'
import { reference } from './types/reference.js'
import { select } from './types/select.js'
import { text } from './types/text.js'
import { url } from './types/url.js'
import { user } from './types/user.js'

export const fieldViews: readonly FieldView[] = [
  autonumber, boolean, date, decimal, email, instant, integer, json, longText, money, multiSelect, percent, phone, reference, select, text, url, user,
]

const byType = new Map(fieldViews.map((view) => [view.type, view]))

/** The view of a field type. */
export const viewOf = (type: string): FieldView => byType.get(type) ?? json
