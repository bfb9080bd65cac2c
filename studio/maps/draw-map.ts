/**
 * The land of the world and what stands on it, drawn with ECharts. Coasts only (Natural Earth, public domain, by world-atlas): a map
 * of shops is no statement about borders, and nobody outside learns who looks at which place, as they do where tiles are loaded.
 */
import { ScatterChart } from 'echarts/charts'
import { GeoComponent, TooltipComponent } from 'echarts/components'
import { init, registerMap, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import Supercluster from 'supercluster'
import { geoEquirectangular } from 'd3-geo'
import { geoProject } from 'd3-geo-projection'
import { feature } from 'topojson-client'
import type { Topology } from 'topojson-specification'
import landAddress from 'world-atlas/land-50m.json?url'

import type { ChartColors } from '../charts/colors.js'
import { onLand, scaled, type Place, type Section } from './places.js'

use([ScatterChart, GeoComponent, TooltipComponent, CanvasRenderer])

const land = 'land'
/** Nearer than this in px, places are drawn as one circle with their number. */
const clusterPx = 44
const clusterZoomMost = 16
/** Width of the world in px at zoom 0 of the clusters. */
const clusterWorldPx = 512

export interface MapDrawing {
  /** Shows other places; the section stays. */
  show(places: readonly Place[], colors: ChartColors): void
  look(section: Section): void
  zoom(factor: number): void
  /** Rings a place; null for none. */
  point(id: number | null): void
  resize(): void
  end(): void
}

export interface MapEvents {
  /** The section that is to be seen is another one. */
  readonly moved: (section: Section) => void
  readonly open: (id: number) => void
  /** What stands in a circle, for the tooltip. */
  readonly count: (count: number) => string
}

type Dot = { readonly value: readonly [number, number]; readonly count: number; readonly place: Place | undefined; readonly cluster: number | undefined }

let registered: Promise<void> | null = null

/** Loads the land once. @throws when it cannot be loaded; the next call tries again */
export function landLoaded(): Promise<void> {
  registered ??= (async () => {
    const answer = await fetch(landAddress)
    if (!answer.ok) throw new Error(answer.statusText)
    const topology = (await answer.json()) as Topology
    const object = topology.objects['land']
    if (object === undefined) throw new Error('the map has no land')
    // What lies across the date line is cut there.
    const degrees = geoEquirectangular().scale(180 / Math.PI).translate([0, 0]).reflectY(true).precision(0)
    registerMap(land, geoProject(feature(topology, object), degrees) as Parameters<typeof registerMap>[1]) // GeoJSON both, each library by types of its own
  })().catch((thrown: unknown) => {
    registered = null
    throw thrown
  })
  return registered
}

/** Draws into an element that has a size; the land is loaded before. */
export function mapDrawing(host: HTMLElement, events: MapEvents): MapDrawing {
  const chart: EChartsType = init(Object.assign(host, { dir: 'ltr' }), null, { renderer: 'canvas' })
  const index = new Supercluster<{ readonly place: Place }>({ radius: clusterPx, maxZoom: clusterZoomMost })
  let places: readonly Place[] = []
  let colors: ChartColors | null = null
  let ringed: number | null = null
  /** What was asked for last; null once the reader has moved the map. */
  let asked: Section | null = null

  const draw = (): void => {
    const section = sightOf(chart)
    const of = colors
    if (section === null || of === null) return
    chart.setOption({ series: [{ id: 'places', data: dotsOf(index, section, chart.getWidth()).map((dot) => styled(dot, of, ringed)) }] })
  }
  const seen = (): void => {
    const section = sightOf(chart)
    draw()
    if (section !== null) events.moved(section)
  }
  const look = (section: Section): void => {
    if (colors === null) return
    asked = section
    chart.setOption(optionOf(section, colors, events.count), { notMerge: true })
    // More than was asked for comes into sight, as the map keeps its shape.
    const whole = sightOf(chart)
    if (whole !== null) chart.setOption(optionOf(onLand(whole, section), colors, events.count), { notMerge: true })
    seen()
  }
  chart.on('georoam', () => {
    asked = null
    seen()
  })
  chart.on('click', ({ data }) => {
    const { place, cluster } = data as unknown as Dot // what `styled` made
    if (place !== undefined) events.open(place.record.id)
    if (cluster === undefined) return
    const within = index.getLeaves(cluster, Infinity).map(({ properties }) => properties.place)
    look(sectionOf(within))
  })
  return {
    show(next, of) {
      const first = colors === null
      places = next
      colors = of
      index.load(places.map((place) => ({ type: 'Feature', properties: { place }, geometry: { type: 'Point', coordinates: [place.lng, place.lat] } })))
      if (first) return
      const section = asked ?? sightOf(chart)
      if (section !== null) look(section)
    },
    look,
    zoom(factor) {
      const section = sightOf(chart)
      if (section !== null) look(scaled(section, 1 / factor))
    },
    point(id) {
      ringed = id
      draw()
    },
    resize() {
      const section = asked ?? sightOf(chart)
      chart.resize()
      if (section !== null) look(section)
    },
    end: () => chart.dispose(),
  }
}

/** Places, those that are close to each other together. @param widthPx of the section */
function dotsOf(index: Supercluster<{ readonly place: Place }>, { west, east }: Section, widthPx: number): readonly Dot[] {
  const zoom = Math.log2((widthPx * 360) / (east - west) / clusterWorldPx)
  return index.getClusters([-180, -85, 180, 85], Math.max(0, Math.floor(zoom))).map(({ geometry, properties }): Dot => {
    const [lng = 0, lat = 0] = geometry.coordinates
    return 'place' in properties ? { value: [lng, lat], count: 1, place: properties.place, cluster: undefined } : { value: [lng, lat], count: properties.point_count, place: undefined, cluster: properties.cluster_id }
  })
}

/** What is in sight; null before anything is. */
function sightOf(chart: EChartsType): Section | null {
  const [first, last] = [chart.convertFromPixel('geo', [0, 0]), chart.convertFromPixel('geo', [chart.getWidth(), chart.getHeight()])] as readonly (readonly number[] | undefined)[]
  const [west, north] = first ?? []
  const [east, south] = last ?? []
  return west === undefined || north === undefined || east === undefined || south === undefined ? null : { west, south, east, north }
}

/** A circle is left by its places filling the map. */
const sectionOf = (places: readonly Place[]): Section => {
  const [lats, lngs] = [places.map(({ lat }) => lat), places.map(({ lng }) => lng)]
  return scaled({ west: Math.min(...lngs), east: Math.max(...lngs) + 0.005, south: Math.min(...lats), north: Math.max(...lats) + 0.005 }, 1.4)
}

function styled(dot: Dot, colors: ChartColors, ringed: number | null): object {
  const { place, count } = dot
  const color = place === undefined ? colors.of('indigo', 0) : colors.of(place.color, 0)
  const isRinged = place !== undefined && place.record.id === ringed
  return {
    ...dot,
    symbolSize: place === undefined ? Math.min(56, 26 + Math.log2(count) * 4) : isRinged ? 20 : 13,
    z2: isRinged ? 2 : place === undefined ? 0 : 1,
    itemStyle: { color, opacity: place === undefined ? 0.85 : 1, borderColor: isRinged ? colors.ink : colors.page, borderWidth: isRinged ? 3 : 1.5 },
    label: { show: place === undefined, formatter: String(count), color: colors.page, fontWeight: 600 },
  }
}

function optionOf({ west, south, east, north }: Section, colors: ChartColors, count: MapEvents['count']): Parameters<EChartsType['setOption']>[0] {
  return {
    animation: false,
    geo: {
      map: land, roam: true, silent: true, boundingCoords: [[west, north], [east, south]], left: 0, top: 0, right: 0, bottom: 0, preserveAspect: 'contain',
      // A degree of longitude is as wide as it is in the middle of what is seen.
      aspectScale: Math.max(0.2, Math.cos((((south + north) / 2) * Math.PI) / 180)),
      scaleLimit: { min: 0.02, max: 5_000 },
      itemStyle: { areaColor: colors.line, borderColor: colors.quiet, borderWidth: 0.4 },
    },
    tooltip: {
      backgroundColor: colors.page, borderColor: colors.line, textStyle: { color: colors.ink, fontFamily: 'inherit' },
      formatter: ({ data }: { readonly data: Dot }) => {
        const words = document.createElement('span')
        words.textContent = data.place === undefined ? count(data.count) : [data.place.name, data.place.label].filter((word) => word !== '').join(' · ')
        return words
      },
    },
    series: [{ id: 'places', type: 'scatter', coordinateSystem: 'geo', data: [], cursor: 'pointer' }],
  }
}
