// Handlers against the events of the type library:
// those of a WithEvents variable, and the methods of an EventSink's class.

const SINK = 'EventSink';

const written = ({ name, isArray }) => name + (isArray ? '()' : '');
const sameName = (a, b) => a.toLowerCase() === b.toLowerCase();

function* compareParameter(event, expected, actual, isSink) {
    const about = `${event.name}: ${actual.name}`;

    if (!sameName(actual.name, expected.name))
        yield `${about} is named ${expected.name} in the type library`;
    if (actual.isOptional)
        yield `${about} cannot be Optional`;
    if (actual.type.isArray !== expected.type.isArray)
        yield `${about} must ${expected.type.isArray ? '' : 'not '}be an array`;
    if (isSink && expected.type.name === 'NamedPipeServerConnection') {
        // An EventSink is called late-bound, with a reference to an Object. See samples_vb6/ManyServers.
        if (!sameName(actual.type.name, 'Object'))
            yield `${about} must be As Object in the class of an ${SINK}`;
    } else if (!sameName(actual.type.name, expected.type.name))
        yield `${about} is As ${written(actual.type)} and must be As ${written(expected.type)}`;
    if (actual.isReference !== expected.isReference)
        yield `${about} must be ${expected.isReference ? 'ByRef' : 'ByVal'}`;
}

function* compareHandler(module, procedure, event, isSink) {
    const complain = text => `${module.line(procedure.node)}: ${text}`;

    if (!procedure.isSub)
        yield complain(`${procedure.name} must be a Sub`);
    if (procedure.parameters.length !== event.parameters.length)
        yield complain(`${event.name} has ${event.parameters.length} arguments, not ${procedure.parameters.length}`);
    else
        for (const [index, expected] of event.parameters.entries())
            for (const text of compareParameter(event, expected, procedure.parameters[index], isSink))
                yield complain(text);
}

function* checkEventsOf(library, module, variable) {
    const entry = library.classOf(variable.type);
    const complain = (node, text) => `${module.line(node)}: ${text}`;
    const prefix = `${variable.name}_`.toLowerCase();

    if (!variable.type.isArray && !entry)
        return;
    if (variable.type.isArray)
        yield complain(variable.node, `WithEvents ${variable.name} cannot be an array`);
    if (variable.isNew)
        yield complain(variable.node, `WithEvents ${variable.name} cannot be As New`);
    if (entry && !entry.events)
        yield complain(variable.node, `${entry.name} has no events`);
    if (!entry?.events)
        return;
    for (const procedure of module.procedures) {
        if (!procedure.name.toLowerCase().startsWith(prefix))
            continue;
        const event = entry.events.get(procedure.name.slice(prefix.length).toLowerCase());
        if (event)
            yield* compareHandler(module, procedure, event, false);
        else
            yield complain(procedure.node, `${entry.name} has no event ${procedure.name.slice(prefix.length)}`);
    }
}

// The module's WithEvents handlers. others: WithEvents variables that a document takes for granted.
export function* checkHandlers(library, module, others = []) {
    const own = [...module.variables.values()].filter(variable => variable.withEvents);
    const granted = others.filter(variable =>
        variable.withEvents && !module.variables.has(variable.name.toLowerCase()));

    for (const variable of [...own, ...granted])
        yield* checkEventsOf(library, module, variable);
}

// All events of all classes: an EventSink may be a server's or a client's.
const allEvents = library => new Map([...library.classes.values()].flatMap(entry => [...entry.events ?? []]));

// The class of an EventSink: its public methods with names of events, one at least. One that begins as they do and is
// none is a slip: it would never be called.
export function* checkSink(library, module) {
    const events = allEvents(library);
    let count = 0;

    for (const procedure of module.procedures.filter(each => each.isPublic && !each.isProperty)) {
        const event = events.get(procedure.name.toLowerCase());

        if (event) {
            count++;
            yield* compareHandler(module, procedure, event, true);
        } else if (/^(Client|Server)/i.test(procedure.name))
            yield `${module.line(procedure.node)}: there is no event ${procedure.name}`;
    }
    if (!count)
        yield `${module.where}: ${module.name} is an ${SINK} and has no method named as an event`;
}

// Methods of a sink's class know their Connection for what it is, though it is declared As Object.
export function isSinkMethod(library, procedure) {
    return procedure.isPublic && allEvents(library).has(procedure.name.toLowerCase());
}
