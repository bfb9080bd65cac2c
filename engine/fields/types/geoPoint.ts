/** A place on the map: latitude and longitude in degrees (WGS 84), kept to seven digits, which is a centimetre. */
import { isObject, type Json, type JsonSchema } from '../../../metadata/contract/json.js'
import { composite, part } from '../composite.js'
import type { FieldType } from '../contract.js'
import { hasType, optionsSchema } from '../keywords.js'
import { formatNumber } from '../number-column.js'
import { decimal } from './decimal.js'

type GeoPointOptions = Record<string, never>
type GeoPoint = { readonly lat: number; readonly lng: number }

const digits = 7

export const geoPoint: FieldType<GeoPointOptions, GeoPoint> = {
  ...composite<GeoPoint>({
    parts: {
      lat: part('Latitude', decimal, { scale: digits, minimum: -90, maximum: 90 }),
      lng: part('Longitude', decimal, { scale: digits, minimum: -180, maximum: 180 }),
    },
  }),
  name: 'geoPoint',
  options: optionsSchema({}),
  infer: (property, named) => (named || isPoint(property) ? {} : undefined),
  schema: () => ({
    type: 'object',
    properties: { lat: { type: 'number', minimum: -90, maximum: 90 }, lng: { type: 'number', minimum: -180, maximum: 180 } },
    required: ['lat', 'lng'],
    additionalProperties: false,
  }),
  places: true,
  canonical,
  parse: read,
  format: ({ lat, lng }) => `${formatNumber(lat, digits)}, ${formatNumber(lng, digits)}`,
  examples: [
    { options: {}, value: { lat: 30.572815, lng: 104.066803 }, text: '30.572815, 104.066803' },
    { options: {}, value: { lat: -33.8567844, lng: 151.2152967 }, text: '-33.8567844, 151.2152967' },
    { options: {}, value: { lat: 0, lng: -180 }, text: '0, -180' },
  ],
}

/** An object of two numbers called `lat` and `lng`, as a plain JSON Schema describes a place. */
function isPoint(property: JsonSchema): boolean {
  const { properties } = property
  return hasType(property, 'object') && isObject(properties) && Object.keys(properties).toSorted().join() === 'lat,lng' && Object.values(properties).every((inner) => isObject(inner) && inner.type === 'number')
}

/** Receivers give more digits than they can measure: those beyond a centimetre are rounded. */
const kept = (degrees: number): number => Number(degrees.toFixed(digits)) + 0

function canonical(value: Json): Json {
  if (typeof value === 'string') return read(value) ?? value
  if (!isObject(value)) return value
  const { lat, lng } = value
  return typeof lat === 'number' && typeof lng === 'number' && Number.isFinite(lat) && Number.isFinite(lng) ? { ...value, lat: kept(lat), lng: kept(lng) } : value
}

/** Reads `30.57, 104.07`, also with `N`, `S`, `E`, `W` behind or degree signs. */
function read(written: string): GeoPoint | undefined {
  const number = String.raw`([+-]?\d{1,3}(?:\.\d{1,20})?)\s*°?\s*`
  const [, lat = '', south, lng = '', west] = new RegExp(`^${number}([NS])?[,;\\s]\\s*${number}([EW])?$`, 'i').exec(written.normalize('NFKC').replaceAll('\u2212', '-').trim()) ?? []
  if (lat === '' || lng === '') return undefined
  const point = { lat: kept(Number(lat) * (south?.toUpperCase() === 'S' ? -1 : 1)), lng: kept(Number(lng) * (west?.toUpperCase() === 'W' ? -1 : 1)) }
  return Math.abs(point.lat) <= 90 && Math.abs(point.lng) <= 180 ? point : undefined
}
