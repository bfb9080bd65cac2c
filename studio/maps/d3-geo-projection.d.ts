/** The one function that is used of a package without types. */
declare module 'd3-geo-projection' {
  import type { GeoProjection } from 'd3-geo'

  /** GeoJSON in the plane of a projection, clipped as the projection clips. */
  export function geoProject(object: GeoJSON.GeoJSON, projection: GeoProjection): GeoJSON.GeoJSON
}
