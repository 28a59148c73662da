// Draws every [data-map]: outlines and points alone, over tiles only where the installation names a tile server.
"use strict";
(() => {
  const TONES = { good: "#1b6b3c", warn: "#b26a00", bad: "#b0261e", info: "#1c5a8d", dull: "#4a5b5e" };
  const text = (value) => document.createTextNode(value);
  function card(point) {
    const box = document.createElement("div");
    const name = document.createElement(point.url ? "a" : "strong");
    if (point.url) name.href = point.url;
    name.append(text(point.name));
    box.append(name);
    if (point.detail) { const p = document.createElement("div"); p.append(text(point.detail)); box.append(p); }
    return box;
  }
  for (const box of document.querySelectorAll("[data-map]")) {
    const spec = JSON.parse(document.getElementById(box.dataset.map).textContent);
    const map = L.map(box, { zoomSnap: 0.25, scrollWheelZoom: false, attributionControl: Boolean(spec.tiles) });
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    if (spec.tiles) L.tileLayer(spec.tiles, { maxZoom: 18 }).addTo(map);
    const layers = [];
    if (spec.outlines.length) {
      layers.push(L.geoJSON({ type: "FeatureCollection", features: spec.outlines }, {
        style: (f) => ({ color: "#146a70", weight: 1.25, fillColor: f.properties.fill || "#dcedeb", fillOpacity: spec.tiles ? 0.25 : 0.85 }),
        onEachFeature: (f, layer) => layer.bindTooltip(text(f.properties.name).textContent, { sticky: true }),
      }).addTo(map));
    }
    const busy = spec.points.length > 40;
    for (const point of spec.points) {
      layers.push(L.circleMarker(point.at, { radius: point.size, color: "#fff", weight: 1.5, fillColor: TONES[point.tone] || "#146a70", fillOpacity: 0.92 })
        .bindPopup(card(point)).bindTooltip(card({ name: point.name }), { permanent: !busy && !spec.outlines.length, direction: "right", offset: [8, 0], className: "map-name" }).addTo(map));
    }
    if (layers.length) map.fitBounds(L.featureGroup(layers).getBounds().pad(0.08), { maxZoom: 15 });
    else map.setView([29.87, 121.55], 9);
  }
})();
