//! Functions and classes: header, signature, body.

use super::cursor::Cursor;
use super::kind::Kind;
use super::scope::{Binding, ScopeKind};
use super::{Walker, lines_of, tag};
use crate::blocks::item::Item;
use crate::blocks::{BlockKind, DefinitionKind, Name};
use crate::fingerprint::Canon;
use crate::source::Lines;
use tree_sitter::Node;

/// Decorators that keep what calling the name does to the body below, by their last part. Others may
/// register, compile or replace the function.
const PURE_DECORATORS: &[&str] = &[
    "abstractmethod",
    "abstractproperty",
    "asynccontextmanager",
    "cache",
    "cached_property",
    "classmethod",
    "contextmanager",
    "coroutine",
    "dataclass",
    "deleter",
    "deprecated",
    "final",
    "getter",
    "lru_cache",
    "no_type_check",
    "overload",
    "override",
    "parameterize",
    "property",
    "runtime_checkable",
    "setter",
    "skip_benchmark",
    "skip_benchmark_if",
    "skip_for_params",
    "skip_params_if",
    "staticmethod",
    "timeout_class_at",
    "timeout_func_at",
    "total_ordering",
    "unique",
    "wraps",
];

/// Bases whose class statement does more than collect attributes for anyone who knows the class.
const ENUMS: &[&str] = &["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "EnumMeta", "ReprEnum"];

/// What a parameter list is made of.
#[derive(Default)]
pub(super) struct Parameters {
    /// Names and kinds: part of the function itself.
    pub(super) structure: Canon,
    /// Default values: evaluated where the function is defined.
    pub(super) defaults: Canon,
    /// Annotations, likewise.
    pub(super) annotations: Canon,
    /// The names bound.
    pub(super) names: Vec<Name>,
}

/// What comes before a body.
struct Header {
    definition: Option<u32>,
    annotation: Option<u32>,
    form: Canon,
    annotations: Canon,
    parameters: Parameters,
    /// The first line, and that of the colon before the body.
    start: u32,
    end: u32,
    impure: bool,
    decorated: bool,
    is_async: bool,
    /// What the decorators and bases make of it: a property is no function.
    sort: crate::checksum::Hasher,
    name: Option<Name>,
    type_parameters: Vec<Name>,
}

impl Walker<'_> {
    /// A function or class statement, decorated or not.
    pub(super) fn definition(&mut self, c: &mut Cursor<'_>) {
        let start = c.node().start_position().row as u32 + 1;
        let lines = Lines { start, end: start };
        let importing = self.import_time();
        let mut header = Header {
            definition: importing.then(|| self.reserve_definition(DefinitionKind::Header, lines)),
            annotation: importing.then(|| self.reserve_definition(DefinitionKind::Annotation, lines)),
            form: Canon::default(),
            annotations: Canon::default(),
            parameters: Parameters::default(),
            start,
            end: start,
            impure: false,
            decorated: false,
            is_async: false,
            sort: crate::checksum::Hasher::new(),
            name: None,
            type_parameters: Vec::new(),
        };
        if c.kind() == Kind::DecoratedDefinition {
            self.each(c, |w, c, kind| match kind {
                Kind::Decorator => w.decorator(c, &mut header),
                Kind::FunctionDefinition => w.function(c, &mut header),
                Kind::ClassDefinition => w.class(c, &mut header),
                _ => {}
            });
        } else if c.kind() == Kind::FunctionDefinition {
            self.function(c, &mut header);
        } else {
            self.class(c, &mut header);
        }
    }

    /// Runs `f` as part of the header: evaluated in the block around, kept with the header's definition.
    fn in_header(&mut self, definition: Option<u32>, form: &mut Canon, f: impl FnOnce(&mut Self)) {
        let item = definition.map_or(self.item, Item::Definition);
        let outer = std::mem::take(&mut self.operates);
        self.writing_to(form, |w| w.with_item(item, f));
        let operates = std::mem::replace(&mut self.operates, outer);
        match definition.and_then(|d| self.out.definitions.get_mut(d as usize)) {
            Some(definition) => definition.operates |= operates,
            None => self.operates |= operates,
        }
    }

    fn decorator(&mut self, c: &mut Cursor<'_>, header: &mut Header) {
        header.decorated = true;
        let name = self.decorator_name(c.node());
        header.impure |= !self.is_pure_decorator(&name);
        header.sort.update(name.as_bytes());
        header.sort.update(b"@");
        self.in_header(header.definition, &mut header.form, |w| {
            w.operates = true;
            w.sequence(c, tag::DECORATOR);
        });
    }

    /// The decorator without its arguments and spaces; empty if it is no name.
    fn decorator_name(&self, node: Node<'_>) -> String {
        let mut walk = node.walk();
        let expression = node.named_children(&mut walk).find(|n| !n.is_extra());
        let callee = expression.and_then(|e| match e.kind() {
            "call" => e.child_by_field_name("function"),
            _ => Some(e),
        });
        callee.map_or("", |e| self.node_text(e)).split_whitespace().collect()
    }

    fn is_pure_decorator(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or("");
        PURE_DECORATORS.contains(&last) || self.options.pure_decorators.iter().any(|p| p == name || p == last)
    }

    fn function(&mut self, c: &mut Cursor<'_>, header: &mut Header) {
        self.each(c, |w, c, kind| match kind {
            Kind::Token => header.is_async |= w.grammar.token(c.node()) == "async",
            Kind::Colon => header.end = lines_of(c.node()).end,
            Kind::Identifier => header.name = Some(w.identifier(c.node())),
            Kind::TypeParameter => w.type_parameters(c, header),
            Kind::Parameters => {
                w.annotation = header.annotation;
                let mut elsewhere = Canon::default();
                w.in_header(header.definition, &mut elsewhere, |w| header.parameters = w.parameters(c));
                w.annotation = None;
            }
            Kind::Type => {
                let definition = header.annotation.or(header.definition);
                w.in_header(definition, &mut header.annotations, |w| w.sequence(c, tag::RETURN_ANNOTATION));
            }
            Kind::Block => w.function_body(c, header),
            Kind::Error => w.unknown(c.node(), "a syntax error"),
            _ => {}
        });
    }

    fn type_parameters(&mut self, c: &mut Cursor<'_>, header: &mut Header) {
        let names = &mut header.type_parameters;
        self.in_header(header.annotation.or(header.definition), &mut header.annotations, |w| {
            w.each(c, |w, c, kind| {
                if kind == Kind::Type {
                    let mut node = c.node();
                    while let Some(inner) = node.named_child(0) {
                        node = inner;
                    }
                    let name = w.identifier(node);
                    names.push(name);
                    w.sequence(c, tag::TYPE_PARAMETER);
                }
            });
        });
    }

    /// Closes the header: its definitions and its place in the form around. Returns the block's id.
    fn close_header(&mut self, header: &mut Header, tag_: u8) -> String {
        let name = header.name.unwrap_or(super::Names::EMPTY);
        let lines = Lines { start: header.start, end: header.end.max(header.start) };
        let mut form = Canon::default();
        form.append(&header.form);
        form.append(&header.parameters.defaults);
        header.annotations.append(&std::mem::take(&mut header.parameters.annotations));
        match (header.definition, header.annotation) {
            (Some(definition), Some(annotation)) => {
                let d = &mut self.out.definitions[definition as usize];
                (d.checksum, d.lines, d.binds) = (form.checksum(), lines, vec![name]);
                d.sort = header.sort.clone().finalize();
                d.effect |= header.impure;
                let a = &mut self.out.definitions[annotation as usize];
                (a.checksum, a.lines, a.binds) = (header.annotations.checksum(), lines, vec![name]);
                if header.annotations.is_empty() {
                    // Reserved last, and nothing was defined since: headers hold expressions only.
                    self.out.definitions.truncate(annotation as usize);
                }
            }
            _ => {
                self.canon.open(tag_);
                self.emit_name(tag::NAME, name);
                self.canon.append(&form);
                self.canon.append(&header.annotations);
                self.canon.close();
            }
        }
        self.own(lines, header.definition);
        self.bind(name, Binding::Other);
        let id = self.qualified(self.names.text(name));
        self.unique(id)
    }

    fn attach(&mut self, header: &Header, block: u32) {
        for definition in [header.definition, header.annotation].into_iter().flatten() {
            if let Some(d) = self.out.definitions.get_mut(definition as usize)
                && d.block.is_none()
                && matches!(d.kind, DefinitionKind::Header | DefinitionKind::Annotation)
            {
                d.block = Some(block);
            }
        }
    }

    fn function_body(&mut self, c: &mut Cursor<'_>, header: &mut Header) {
        let body = c.node();
        let id = self.close_header(header, tag::FUNCTION);
        let lines = Lines { start: header.start, end: lines_of(body).end };
        let outer = self.block;
        let block = self.push_block(id, BlockKind::Function, lines);
        self.attach(header, block);
        self.block = block;
        self.push_scope(ScopeKind::Function);
        let names = std::mem::take(&mut header.parameters.names);
        names.iter().chain(&header.type_parameters).for_each(|&n| self.bind(n, Binding::Other));
        let mut trivial = false;
        let (guarded, effect) = (std::mem::take(&mut self.guarded), std::mem::take(&mut self.class_effect));
        let checksum = self.checksum_of(|w| {
            w.canon.open(if header.is_async { tag::ASYNC_FUNCTION } else { tag::FUNCTION });
            w.canon.append(&header.parameters.structure);
            w.with_item(Item::Block(block), |w| trivial = w.suite(c, true));
            w.nature();
            w.canon.close();
        });
        (self.guarded, self.class_effect) = (guarded, effect);
        self.pop_scope();
        self.block = outer;
        let b = &mut self.out.blocks[block as usize];
        (b.checksum, b.trivial, b.opaque) = (checksum, trivial, header.impure);
    }

    /// What decides a function's nature wherever it stands in the body: `yield`, and which names are whose.
    fn nature(&mut self) {
        let Some(scope) = self.scopes.last() else {
            return;
        };
        if scope.yields {
            self.canon.leaf(tag::GENERATOR_FUNCTION);
        }
        let mut texts: Vec<&str> = Vec::new();
        let mut write = |tag: u8, names: &mut dyn Iterator<Item = Name>| {
            texts.clear();
            texts.extend(names.map(|name| self.names.text(name)));
            texts.sort_unstable();
            self.canon.joined(tag, &texts);
        };
        write(tag::LOCALS, &mut scope.locals());
        write(tag::GLOBALS, &mut scope.globals.iter().copied());
        write(tag::NONLOCALS, &mut scope.nonlocals.iter().copied());
    }

    /// A parameter list; defaults belong to the current item, annotations to the annotation's.
    pub(super) fn parameters(&mut self, c: &mut Cursor<'_>) -> Parameters {
        let mut found = Parameters::default();
        self.each(c, |w, c, kind| w.parameter(c, kind, &mut found));
        found
    }

    fn parameter(&mut self, c: &mut Cursor<'_>, kind: Kind, found: &mut Parameters) {
        match kind {
            Kind::Identifier => self.parameter_name(c.node(), tag::PARAMETER, found),
            Kind::ListSplatPattern | Kind::DictionarySplatPattern => {
                let tag_ =
                    if kind == Kind::ListSplatPattern { tag::PARAMETER_STAR } else { tag::PARAMETER_DOUBLE_STAR };
                if let Some(name) = c.node().named_child(0) {
                    self.parameter_name(name, tag_, found);
                }
            }
            Kind::KeywordSeparator => found.structure.leaf(tag::KEYWORD_ONLY),
            Kind::PositionalSeparator => found.structure.leaf(tag::POSITIONAL_ONLY),
            Kind::DefaultParameter | Kind::TypedParameter | Kind::TypedDefaultParameter => {
                let value = self.grammar.fields.value;
                self.each(c, |w, c, kind| match kind {
                    Kind::Token | Kind::Colon => {}
                    Kind::Type => w.annotate(c, found),
                    _ if c.field() == value => w.default(c, found),
                    _ => w.parameter(c, kind, found),
                });
            }
            Kind::Token | Kind::Comma => {}
            _ => self.unknown(c.node(), "a parameter that Python 3 does not know"),
        }
    }

    fn parameter_name(&mut self, node: Node<'_>, tag_: u8, found: &mut Parameters) {
        let name = self.identifier(node);
        found.structure.text(tag_, self.names.text(name).as_bytes());
        found.names.push(name);
    }

    fn default(&mut self, c: &mut Cursor<'_>, found: &mut Parameters) {
        let name = found.names.last().map_or("", |&n| self.names.text(n));
        found.defaults.text(tag::DEFAULT, name.as_bytes());
        self.writing_to(&mut found.defaults, |w| {
            w.expression(c);
        });
    }

    fn annotate(&mut self, c: &mut Cursor<'_>, found: &mut Parameters) {
        let name = found.names.last().map_or("", |&n| self.names.text(n));
        found.annotations.text(tag::ANNOTATION, name.as_bytes());
        self.in_header(self.annotation, &mut found.annotations, |w| {
            w.expression(c);
        });
    }

    fn class(&mut self, c: &mut Cursor<'_>, header: &mut Header) {
        let (mut keywords, mut bases) = (false, String::new());
        self.each(c, |w, c, kind| match kind {
            Kind::Identifier => header.name = Some(w.identifier(c.node())),
            Kind::TypeParameter => w.type_parameters(c, header),
            Kind::ArgumentList => {
                let mut walk = c.node().walk();
                keywords = c.node().named_children(&mut walk).any(|n| n.kind() == "keyword_argument");
                bases = w.node_text(c.node()).to_owned();
                bases.split_whitespace().for_each(|piece| header.sort.update(piece.as_bytes()));
                w.in_header(header.definition, &mut header.form, |w| {
                    w.operates = true;
                    w.arguments(c);
                });
            }
            Kind::Colon => header.end = lines_of(c.node()).end,
            Kind::Block => w.class_body(c, header, keywords, &bases),
            Kind::Error => w.unknown(c.node(), "a syntax error"),
            _ => {}
        });
    }

    fn class_body(&mut self, c: &mut Cursor<'_>, header: &mut Header, keywords: bool, bases: &str) {
        let body = c.node();
        let id = self.close_header(header, tag::CLASS);
        let lines = Lines { start: header.start, end: lines_of(body).end };
        let outer = self.block;
        let block = self.push_block(id, BlockKind::Class, lines);
        self.attach(header, block);
        let special = |list: &[&str]| {
            bases.split(|ch: char| !(ch.is_alphanumeric() || ch == '_')).any(|word| list.contains(&word))
        };
        let class_effect = bases.contains("metaclass") || special(ENUMS);
        let generated = special(&["NamedTuple", "TypedDict", "Protocol"]);
        self.block = block;
        self.push_scope(ScopeKind::Class);
        header.type_parameters.iter().for_each(|&n| self.bind(n, Binding::Other));
        let outer_effect = std::mem::replace(&mut self.class_effect, class_effect);
        let item = if header.definition.is_some() { self.item } else { Item::Block(block) };
        let outer_binds = std::mem::take(&mut self.binds);
        let checksum = self.checksum_of(|w| {
            w.with_item(item, |w| {
                w.suite(c, true);
            });
        });
        self.binds = outer_binds;
        self.class_effect = outer_effect;
        self.pop_scope();
        self.block = outer;
        let b = &mut self.out.blocks[block as usize];
        (b.checksum, b.opaque) = (checksum, header.decorated || keywords || generated);
    }
}
