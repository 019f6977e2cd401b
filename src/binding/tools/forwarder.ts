/**
 * A worker that sends what the binding asks of its made-up host on to Ganglion, with the token: the code of a Worker never sees either.
 * A service of the kind `external` would do, were it not for its Host header, which a proxy in front of Ganglion does not know.
 */
export const forwarder = `export default {
  fetch(request, { BASE, TOKEN }) {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set("authorization", "Bearer " + TOKEN);
    return fetch(BASE + pathname + search, new Request(request, { headers, redirect: "manual" }));
  },
};`;
