/** Every field type's view. A type of the engine without a line here is shown as JSON. */
import type { FieldView } from './contract.js'
import { address } from './types/address.js'
import { anyReference } from './types/anyReference.js'
import { autonumber } from './types/autonumber.js'
import { barcode } from './types/barcode.js'
import { boolean } from './types/boolean.js'
import { color } from './types/color.js'
import { consent } from './types/consent.js'
import { date } from './types/date.js'
import { decimal } from './types/decimal.js'
import { duration } from './types/duration.js'
import { email } from './types/email.js'
import { geoPoint } from './types/geoPoint.js'
import { file } from './types/file.js'
import { image } from './types/image.js'
import { instant } from './types/instant.js'
import { integer } from './types/integer.js'
import { json } from './types/json.js'
import { lines } from './types/lines.js'
import { longText } from './types/longText.js'
import { money } from './types/money.js'
import { multiSelect } from './types/multiSelect.js'
import { percent } from './types/percent.js'
import { personName } from './types/personName.js'
import { phone } from './types/phone.js'
import { rating } from './types/rating.js'
import { reference } from './types/reference.js'
import { references } from './types/references.js'
import { richText } from './types/richText.js'
import { select } from './types/select.js'
import { tags } from './types/tags.js'
import { text } from './types/text.js'
import { time } from './types/time.js'
import { url } from './types/url.js'
import { user } from './types/user.js'

export const fieldViews: readonly FieldView[] = [
  address, autonumber, barcode, boolean, color, consent, date, decimal, duration, email, file, geoPoint, image, instant, integer, json,
  lines, longText, money, multiSelect, percent, personName, phone, rating, reference, references, anyReference, richText, select, tags, text, time, url, user,
]

const byType = new Map(fieldViews.map((view) => [view.type, view]))

/** The view of a field type. */
export const viewOf = (type: string): FieldView => byType.get(type) ?? json
