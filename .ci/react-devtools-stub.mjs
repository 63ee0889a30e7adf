// Stands in for react-devtools-core, which a released program never loads.
export default { connectToDevTools() {}, initialize() {} };
