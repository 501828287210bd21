"""Currencies and their minor units: ISO 4217, list one, as published on 2026-01-01.

https://www.six-group.com/en/products-services/financial-information/data-standards.html
"""

PUBLISHED = "2026-01-01"

_CODES_BY_MINOR_UNITS: dict[int | None, str] = {
    0: ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
        "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
        "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
        "MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
        "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH "
        "USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG"
    ),
    3: ("BHD IQD JOD KWD LYD OMR TND"),
    4: ("CLF UYW"),
    None: ("XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"),
}

MINOR_UNITS: dict[str, int | None] = {
    code: units for units, codes in _CODES_BY_MINOR_UNITS.items() for code in codes.split()
}
"""Decimals of each currency's smallest unit; None where the standard says that it has none (gold, testing codes …)."""
